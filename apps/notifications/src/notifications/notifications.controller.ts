import { Get, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { HttpController } from '@palinode/service';
import { NotificationList, NotificationQuery } from './notification-messages';
import { Notifications } from './notifications';

@HttpController('notifications')
export class NotificationsController {
  constructor(private readonly notifications: Notifications) {}

  @Get()
  @ApiOkResponse({ type: NotificationList })
  async list(@Query() { orderId }: NotificationQuery): Promise<NotificationList> {
    return { items: await this.notifications.ofOrder(orderId) };
  }
}
